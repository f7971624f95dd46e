extension Script {
  /// The map on a canvas. Points are drawn as pixels and found through a grid, so 100,000 stay fluid.
  static let map = #"""
    "use strict";
    {
      const data = radiologynetMap;
      const numbers = (text) => {
        const bytes = atob(text);
        return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.charCodeAt(2 * i) | bytes.charCodeAt(2 * i + 1) << 8);
      };
      const keys = data.keys.split(" ");
      const count = data.layouts.length > 0 ? keys.length : 0;
      const pages = data.pages === null ? null : numbers(data.pages);
      const layouts = data.layouts.map((layout) => ({ name: layout.name, x: numbers(layout.x), y: numbers(layout.y) }));
      const colours = data.colours.map((colour) => ({ name: colour.name, values: colour.values, of: numbers(colour.of) }));
      const clusterOf = colours[2].of;
      const byId = (id) => document.getElementById(id);
      const make = (kind, properties) => Object.assign(document.createElement(kind), properties);

      const box = byId("map");
      const canvas = make("canvas", { id: "canvas", tabIndex: 0 });
      canvas.setAttribute("role", "application");
      canvas.setAttribute("aria-label", "Map of units. Arrow keys go from unit to unit, Enter opens one, plus and minus zoom.");
      const tip = make("div", { id: "tip" });
      tip.setAttribute("role", "status");
      const context = canvas.getContext("2d");
      let layout = layouts[0];
      let colour = colours[0];
      let grid = null;
      let chosen = -1;
      let view = { x: 0, y: 0, zoom: 1 };
      let ratio = 1;

      // Numbers of the points in each cell of a 256 × 256 grid, cell after cell.
      const build = () => {
        const cell = new Uint16Array(count);
        const starts = new Uint32Array(65537);
        for (let i = 0; i < count; i++) {
          cell[i] = (layout.y[i] >> 8) << 8 | layout.x[i] >> 8;
          starts[cell[i] + 1] += 1;
        }
        for (let i = 0; i < 65536; i++) starts[i + 1] += starts[i];
        const members = new Uint32Array(count);
        const next = starts.slice();
        for (let i = 0; i < count; i++) members[next[cell[i]]++] = i;
        grid = { starts, members };
      };

      // Canvas pixels of layout coordinates, and back.
      const left = (x) => (x / 65536 - view.x) * view.zoom * canvas.width;
      const top = (y) => (y / 65536 - view.y) * view.zoom * canvas.height;
      const fromLeft = (x) => (x / canvas.width / view.zoom + view.x) * 65536;
      const fromTop = (y) => (y / canvas.height / view.zoom + view.y) * 65536;

      const nearest = (px, py, reach) => {
        const [x0, x1] = [fromLeft(px - reach), fromLeft(px + reach)].map((v) => Math.min(255, Math.max(0, v >> 8)));
        const [y0, y1] = [fromTop(py - reach), fromTop(py + reach)].map((v) => Math.min(255, Math.max(0, v >> 8)));
        let best = -1;
        let bestDistance = reach * reach;
        for (let y = y0; y <= y1; y++) {
          for (let i = grid.starts[y << 8 | x0]; i < grid.starts[(y << 8 | x1) + 1]; i++) {
            const point = grid.members[i];
            const distance = (left(layout.x[point]) - px) ** 2 + (top(layout.y[point]) - py) ** 2;
            if (distance < bestDistance) [best, bestDistance] = [point, distance];
          }
        }
        return best;
      };

      const named = new Map();
      const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      // A colour as one number, red in the lowest byte.
      const packed = (text) => {
        if (!named.has(text)) {
          const probe = make("canvas", { width: 1, height: 1 }).getContext("2d");
          probe.fillStyle = text;
          probe.fillRect(0, 0, 1, 1);
          const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
          named.set(text, (255 << 24 | b << 16 | g << 8 | r) >>> 0);
        }
        return named.get(text);
      };
      const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
      const hue = (i) => {
        if (colour.name === "cluster") return `hsl(${(i * 137.508) % 360} 55% ${isDark() ? 65 : 42}%)`;
        if (colour.name === "trust") return style(["--h7", "--h2", "--warn"][i] || "--h7");
        return style(`--h${Math.min(i, 8)}`);
      };

      // The points as an image; null when they have to be drawn again.
      let image = null;
      const drawPoints = () => {
        const { width, height } = canvas;
        image = context.createImageData(width, height);
        const pixels = new Uint32Array(image.data.buffer);
        const inks = Array.from({ length: Math.max(colour.values.length, 9) }, (_, i) => packed(hue(i)));
        const size = Math.max(1, Math.round((count > 20000 ? 2 : 4) * ratio * Math.min(3, Math.sqrt(view.zoom))));
        for (let i = 0; i < count; i++) {
          const x = Math.round(left(layout.x[i]) - size / 2);
          const y = Math.round(top(layout.y[i]) - size / 2);
          if (x < 0 || y < 0 || x + size > width || y + size > height) continue;
          const ink = inks[colour.of[i]];
          for (let row = y; row < y + size; row++) pixels.fill(ink, row * width + x, row * width + x + size);
        }
      };
      const draw = () => {
        if (image === null) drawPoints();
        context.putImageData(image, 0, 0);
        labels();
        if (chosen >= 0) {
          context.strokeStyle = style("--ink");
          context.lineWidth = 2 * ratio;
          context.beginPath();
          context.arc(left(layout.x[chosen]), top(layout.y[chosen]), 7 * ratio, 0, 7);
          context.stroke();
        }
      };
      let isAsked = false;
      const redraw = (isStale = true) => {
        if (isStale) image = null;
        if (isAsked) return;
        isAsked = true;
        requestAnimationFrame(() => { isAsked = false; draw(); });
      };

      // Each cluster's label at the mean of its points, where no larger cluster's label stands.
      let middles = [];
      const average = () => {
        const sums = data.clusters.map(() => [0, 0, 0]);
        for (let i = 0; i < count; i++) {
          const sum = sums[clusterOf[i]];
          sum[0] += layout.x[i];
          sum[1] += layout.y[i];
          sum[2] += 1;
        }
        middles = sums.map(([x, y, n]) => n > 0 ? [x / n, y / n] : null);
      };
      const labels = () => {
        context.font = `600 ${13 * ratio}px system-ui, sans-serif`;
        context.textAlign = "center";
        context.lineWidth = 4 * ratio;
        context.lineJoin = "round";
        const taken = [];
        middles.forEach((middle, i) => {
          if (!middle) return;
          const [x, y] = [left(middle[0]), top(middle[1])];
          if (taken.some(([a, b]) => Math.abs(a - x) < 48 * ratio && Math.abs(b - y) < 16 * ratio)) return;
          taken.push([x, y]);
          context.strokeStyle = style("--paper");
          context.strokeText(data.clusters[i], x, y);
          context.fillStyle = style("--ink");
          context.fillText(data.clusters[i], x, y);
        });
      };

      const hasPage = (i) => keys[i] !== "" && (pages === null || pages[i] === 1);
      const page = (i) => `studies/${keys[i]}.html`;
      const choose = (i) => {
        if (i === chosen) return;
        chosen = i;
        canvas.style.cursor = i >= 0 && hasPage(i) ? "pointer" : "default";
        tip.replaceChildren();
        tip.hidden = i < 0;
        if (i >= 0) {
          const cluster = clusterOf[i];
          if (hasPage(i)) {
            const picture = make("img", { width: 192, height: 192, alt: "", src: `img/units/${keys[i]}.png` });
            picture.addEventListener("error", () => picture.remove());
            tip.append(picture);
          }
          const words = make("p", {});
          words.append(`${colours[0].values[colours[0].of[i]]}, ${colours[1].values[colours[1].of[i]]}`, make("br", {}),
            `${data.clusters[cluster]} ${data.titles[cluster]}`, make("br", {}));
          words.append(hasPage(i) ? make("a", { href: page(i), textContent: `study ${keys[i].slice(0, 12)}`, tabIndex: -1 })
            : `study ${keys[i].slice(0, 12)}, without a page in this report`);
          tip.append(words);
          const x = left(layout.x[i]) / ratio;
          const y = top(layout.y[i]) / ratio;
          tip.style.left = `${Math.max(0, Math.min(x + 14, canvas.clientWidth - 214))}px`;
          // Below the point, or above it in the lower half.
          const isLow = y > canvas.clientHeight / 2;
          tip.style.top = isLow ? "auto" : `${y + 14}px`;
          tip.style.bottom = isLow ? `${canvas.clientHeight - y + 14}px` : "auto";
        }
        redraw(false);
      };
      const place = (event) => {
        const frame = canvas.getBoundingClientRect();
        return [(event.clientX - frame.left) * ratio, (event.clientY - frame.top) * ratio];
      };
      const zoom = (factor, px, py) => {
        const [x, y] = [fromLeft(px) / 65536, fromTop(py) / 65536];
        view.zoom = Math.min(64, Math.max(1, view.zoom * factor));
        view.x = Math.min(1 - 1 / view.zoom, Math.max(0, x - px / canvas.width / view.zoom));
        view.y = Math.min(1 - 1 / view.zoom, Math.max(0, y - py / canvas.height / view.zoom));
        choose(-1);
        redraw();
      };

      let drag = null;
      canvas.addEventListener("pointerdown", (event) => {
        drag = { at: place(event), view: { ...view }, moved: false };
        if (view.zoom > 1) canvas.setPointerCapture(event.pointerId);
      });
      canvas.addEventListener("pointermove", (event) => {
        const [x, y] = place(event);
        if (drag && view.zoom > 1 && Math.hypot(x - drag.at[0], y - drag.at[1]) > 4 * ratio) drag.moved = true;
        if (drag && drag.moved) {
          view.x = Math.min(1 - 1 / view.zoom, Math.max(0, drag.view.x - (x - drag.at[0]) / canvas.width / view.zoom));
          view.y = Math.min(1 - 1 / view.zoom, Math.max(0, drag.view.y - (y - drag.at[1]) / canvas.height / view.zoom));
          choose(-1);
          redraw();
        } else if (event.pointerType === "mouse") choose(nearest(x, y, 10 * ratio));
      });
      canvas.addEventListener("pointerup", (event) => {
        const wasDragged = drag && drag.moved;
        drag = null;
        if (wasDragged) return;
        const point = nearest(...place(event), (event.pointerType === "mouse" ? 10 : 22) * ratio);
        // A finger has not pointed before: it first shows what it would open.
        if (event.pointerType === "mouse" && point >= 0 && hasPage(point)) location.href = page(point);
        else choose(point);
      });
      canvas.addEventListener("wheel", (event) => {
        event.preventDefault();
        zoom(event.deltaY < 0 ? 1.25 : 0.8, ...place(event));
      }, { passive: false });

      // The nearest point in a direction, sideways distance counted twice.
      const step = (dx, dy) => {
        if (chosen < 0) return nearest(canvas.width / 2, canvas.height / 2, canvas.width);
        let best = chosen;
        let bestCost = Infinity;
        for (let i = 0; i < count; i++) {
          const x = layout.x[i] - layout.x[chosen];
          const y = layout.y[i] - layout.y[chosen];
          const ahead = x * dx + y * dy;
          const cost = ahead + 2 * Math.abs(x * dy - y * dx);
          if (ahead > 0 && cost < bestCost) [best, bestCost] = [i, cost];
        }
        return best;
      };
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      canvas.addEventListener("keydown", (event) => {
        if (event.key in steps) choose(step(...steps[event.key]));
        else if (event.key === "Enter" && chosen >= 0 && hasPage(chosen)) location.href = page(chosen);
        else if (event.key === "+" || event.key === "-") {
          const [x, y] = chosen < 0 ? [canvas.width / 2, canvas.height / 2] : [left(layout.x[chosen]), top(layout.y[chosen])];
          zoom(event.key === "+" ? 1.5 : 1 / 1.5, x, y);
        } else if (event.key === "Escape") choose(-1);
        else return;
        event.preventDefault();
      });

      const legend = () => {
        const list = make("ul", { className: "legend" });
        for (const [i, value] of colour.values.entries()) {
          const mark = make("i", {});
          mark.style.background = hue(i);
          const item = make("li", {});
          item.append(mark, value);
          list.append(item);
        }
        byId("legend").replaceChildren(list);
      };
      const select = (id, entries, chosenEntry) => {
        entries.forEach((entry, i) => byId(id).append(make("option", { value: i, textContent: entry.name })));
        byId(id).addEventListener("input", () => chosenEntry(entries[byId(id).value]));
      };
      const fit = () => {
        ratio = Math.min(2, devicePixelRatio || 1);
        const width = box.clientWidth;
        const height = Math.round(width * (width < 700 ? 1.1 : 0.6));
        canvas.width = width * ratio;
        canvas.height = height * ratio;
        canvas.style.height = `${height}px`;
        redraw();
      };
      if (count > 0) {
        select("colours", colours, (entry) => { colour = entry; legend(); redraw(); });
        select("layout", layouts, (entry) => { layout = entry; choose(-1); build(); average(); redraw(); });
        byId("layout").parentElement.hidden = layouts.length < 2;
        byId("map-tools").hidden = false;
        tip.hidden = true;
        box.replaceChildren(canvas, tip);
        build();
        average();
        legend();
        fit();
        addEventListener("resize", fit);
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { legend(); redraw(); });
      }
    }
    """#
}
