"""A residual network of 0.7 million parameters for grey images of 64 x 64 pixels, its training and its use.

Group norms, because their statistics don't depend on the batch: fine-tuning on three images is then as well defined as
pretraining on thousands.
"""
import math

import torch
from torch import nn
from torch.nn import functional

SIDE = 64
WIDTHS = (16, 32, 64, 128)
FEATURES = WIDTHS[-1]


def norm(channels):
    return nn.GroupNorm(8, channels)


class Block(nn.Module):
    def __init__(self, inside, outside, stride):
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.second = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList([norm(outside), norm(outside)])
        self.shortcut = nn.Identity() if (inside, stride) == (outside, 1) else nn.Conv2d(inside, outside, 1, stride)

    def forward(self, x):
        y = functional.relu(self.norms[0](self.first(x)))
        return functional.relu(self.norms[1](self.second(y)) + self.shortcut(x))


class SmallResNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, WIDTHS[0], 7, 4, 3, bias=False), norm(WIDTHS[0]), nn.ReLU())
        blocks = []
        for inside, outside in zip((WIDTHS[0], *WIDTHS), WIDTHS):
            blocks += [Block(inside, outside, 1 if outside == WIDTHS[0] else 2), Block(outside, outside, 1)]
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(FEATURES, classes)

    def features(self, x):
        """Images [N, 1, 64, 64] of values 0 to 1 to vectors [N, 128]."""
        return self.blocks(self.stem((x - 0.25) / 0.25)).mean((2, 3))

    def forward(self, x):
        return self.head(self.features(x))

    def with_head(self, classes):
        """A copy of the body under a new, zero head."""
        copy = SmallResNet(classes)
        copy.load_state_dict({name: value for name, value in self.state_dict().items() if not name.startswith("head")},
                             strict=False)
        nn.init.zeros_(copy.head.weight)
        nn.init.zeros_(copy.head.bias)
        return copy


def augmented(x, generator):
    """Rotated by up to 10 degrees, scaled and moved by up to 10 per cent, brighter or darker, flatter or steeper."""
    count = len(x)

    def uniform(limit):
        return (torch.rand(count, generator=generator) * 2 - 1) * limit

    angle, scale = uniform(math.radians(10)), 1 + uniform(0.1)
    across = torch.stack([scale * angle.cos(), -scale * angle.sin(), uniform(0.1)], 1)
    down = torch.stack([scale * angle.sin(), scale * angle.cos(), uniform(0.1)], 1)
    grid = functional.affine_grid(torch.stack([across, down], 1), x.shape, align_corners=False)
    moved = functional.grid_sample(x, grid, align_corners=False)
    gamma = (uniform(0.3)).exp().view(-1, 1, 1, 1)
    return moved.clamp(1e-4, 1) ** gamma


def train(network, images, labels, steps, rate, seed, batch=32):
    """AdamW with a cosine schedule and a short warm-up; each step sees `batch` images, all images once before any twice."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.02, fused=True)
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * step / steps)))
    order, loss = torch.empty(0, dtype=torch.long), None
    network.train()
    for _ in range(steps):
        while len(order) < min(batch, len(images)):
            order = torch.cat([order, torch.randperm(len(images), generator=generator)])
        chosen, order = order[:batch], order[batch:]
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(augmented(images[chosen], generator))
        loss = functional.cross_entropy(scores.float(), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return loss.item()


@torch.inference_mode()
def in_parts(function, images, size=256):
    return torch.cat([function(part) for part in images.split(size)])
