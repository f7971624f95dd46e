/// Scripts that add comfort. Every page does without them.
package enum Script {
  package static let reviewPath = "review.js"
  package static let mapPath = "map.js"
  package static let dataPath = "map-data.js"

  /// Keys of buttons, links and fields; search, filter and order of the table of clusters.
  static let review = #"""
    "use strict";

    // A key without modifiers acts on the visible element that names it. Fields take keys themselves;
    // Escape leaves them.
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      const field = event.target.closest("input:not([type=checkbox]), select, textarea");
      if (field) {
        if (event.key === "Escape") field.blur();
        return;
      }
      const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!target || !target.offsetParent) return;
      event.preventDefault();
      if (target.matches("input, select")) target.focus();
      else target.click();
    });

    const tools = document.getElementById("tools");
    const table = document.getElementById("clusters");
    if (tools && table) {
      const field = (name) => document.getElementById(name);
      const body = table.tBodies[0];
      const rows = Array.from(body.rows);
      const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

      const show = () => {
        const words = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
        const wanted = { trust: field("trust").value, modality: field("modality").value, part: field("part").value };
        let found = 0;
        for (const row of rows) {
          const fits = words.every((word) => texts.get(row).includes(word))
            && Object.entries(wanted).every(([name, value]) => value === "" || row.dataset[name] === value);
          row.hidden = !fits;
          // What can't be seen is not sent, either.
          for (const box of row.querySelectorAll("input")) box.disabled = !fits;
          if (fits) found += 1;
        }
        field("found").textContent = found === rows.length ? "" : `${found} of ${rows.length}`;
      };
      const order = () => {
        const by = field("order").value;
        const isText = by === "title" || by === "label";
        rows.sort((a, b) => isText
          ? a.dataset[by].localeCompare(b.dataset[by], undefined, { numeric: true })
          : Number(b.dataset[by]) - Number(a.dataset[by]));
        body.append(...rows);
      };
      for (const name of ["search", "trust", "modality", "part"]) field(name).addEventListener("input", show);
      field("search").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
      field("order").addEventListener("input", order);
      tools.hidden = false;
      // The browser may have kept what was chosen before.
      order();
      show();
    }
    """#
}
