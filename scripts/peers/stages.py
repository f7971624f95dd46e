#!/usr/bin/env python3
"""Single stages of the peers, one item at a time: the counterparts of radiologynet-bench's.

    pip install numpy pydicom scikit-learn
    scripts/peers/stages.py parse FOLDER
    scripts/peers/stages.py embed INPUTS OUTPUTS
    scripts/peers/stages.py assign FILE DIMENSIONS K

Prints items per second.
"""
import json
import pathlib
import sys
import time

from needed import need

need("numpy", "pydicom", "sklearn")

import numpy as np


def parse(folder):
    """pydicom: the header and its values."""
    import pydicom
    paths = [path for path in pathlib.Path(folder).rglob("*") if path.is_file()]
    files, start = 0, time.monotonic()
    for path in paths:
        try:
            dataset = pydicom.dcmread(path, stop_before_pixels=True)
        except (pydicom.errors.InvalidDicomError, OSError):
            continue
        # pydicom converts values on access.
        files += bool({element.keyword: element.value for element in dataset if element.VR != "SQ"})
    return files / (time.monotonic() - start)


def embed(inputs, outputs):
    """scikit-learn: a row through a PCA."""
    from sklearn.decomposition import PCA
    rows = np.random.default_rng(1).random((2_000, int(inputs)), np.float32)
    model = PCA(int(outputs), svd_solver="randomized", random_state=1).fit(rows)
    return each(rows, model.transform)


def assign(path, dimensions, k):
    """scikit-learn: the nearest centroid of a row."""
    from sklearn.cluster import KMeans
    rows = np.fromfile(path, np.float32).reshape(-1, int(dimensions))
    model = KMeans(int(k), n_init=1, random_state=1).fit(rows)
    return each(rows[:5_000], model.predict)


def each(rows, function):
    start = time.monotonic()
    for index in range(len(rows)):
        function(rows[index:index + 1])
    return len(rows) / (time.monotonic() - start)


print(json.dumps({"per_second": {"parse": parse, "embed": embed, "assign": assign}[sys.argv[1]](*sys.argv[2:])}))
