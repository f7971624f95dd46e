#!/usr/bin/env python3
"""Writes the golden values that the tests compare with, out of the peers:

    pip install numpy scikit-learn scikit-image pydicom kmedoids xxhash && Tests/golden/generate.py [NAME...]

Each file says which version of the peer made it.
"""
import hashlib
import hmac
import json
import pathlib
import sys
from importlib.metadata import version

import kmedoids as peer_kmedoids
import numpy as np
import pydicom
import skimage
import sklearn
import xxhash
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from skimage.feature import hog
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

TESTS = pathlib.Path(__file__).resolve().parent.parent


def write(target, name, peer, value):
    folder = TESTS / target / "Golden"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({"peer": peer, **value}) + "\n")


def blobs(rng, n, d, k):
    centers = rng.normal(0, 3, (k, d))
    return (centers[rng.integers(0, k, n)] + rng.normal(0, 1, (n, d))).astype(np.float32)


def kmeans():
    cases = []
    for seed, (n, d, k) in enumerate([(120, 2, 3), (200, 8, 5), (300, 16, 12), (60, 3, 20)]):
        points = blobs(np.random.default_rng(seed), n, d, k)
        best = min(
            KMeans(k, n_init=10, random_state=s).fit(points).inertia_ for s in range(3)
        )
        init = points[:k]
        # Without scikit-learn's centring the same iterations, to the last label.
        lloyd = KMeans(k, init=init, n_init=1, algorithm="lloyd", tol=0, max_iter=300).fit(points)
        cases.append({
            "k": k, "points": points.round(5).tolist(), "inertia": best,
            "labels": lloyd.labels_.tolist(), "lloyd": float(lloyd.inertia_),
        })
    write("ClusteringTests", "kmeans", f"scikit-learn {sklearn.__version__}", {"cases": cases})


def kmedoids():
    cases = []
    for seed, (n, d, k) in enumerate([(80, 2, 3), (150, 8, 6), (200, 4, 15), (40, 3, 20)]):
        points = blobs(np.random.default_rng(seed + 50), n, d, k)
        distances = metrics.pairwise_distances(points)
        fits = [peer_kmedoids.fasterpam(distances, k, random_state=s) for s in range(20)]
        cases.append({
            "k": k, "points": points.round(5).tolist(), "loss": float(min(fit.loss for fit in fits)),
        })
    write("ClusteringTests", "kmedoids", f"kmedoids {version('kmedoids')}, FasterPAM, best of 20 starts", {"cases": cases})


def metrics_of_pairs():
    """Distances of all pairs by every metric."""
    points = np.random.default_rng(9).normal(size=(30, 7)).round(3).astype(np.float32)
    write("ClusteringTests", "pairs", f"scikit-learn {sklearn.__version__}", {
        "points": [[round(float(v), 3) for v in row] for row in points],
        **{name: metrics.pairwise_distances(points.astype(np.float64), metric=name).round(8).tolist()
           for name in ("euclidean", "manhattan", "cosine")},
    })


def scores():
    """Labels are written as one character each."""
    rng = np.random.default_rng(7)
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    cases = []
    for index in range(3000):
        n = int(rng.integers(2, 120))
        truth = rng.integers(0, rng.integers(1, 9), n)
        clusters = rng.integers(0, rng.integers(1, 30), n)
        if index % 3 == 0:  # labels that agree for the most part
            clusters = np.where(rng.random(n) < 0.8, truth, clusters)
        cases.append({
            "truth": "".join(digits[label] for label in truth),
            "clusters": "".join(digits[label] for label in clusters),
            "homogeneity": metrics.homogeneity_score(truth, clusters),
            "completeness": metrics.completeness_score(truth, clusters),
            "v_measure": metrics.v_measure_score(truth, clusters),
            "mutual_information": metrics.mutual_info_score(truth, clusters),
            "nmi": metrics.normalized_mutual_info_score(truth, clusters),
            "ami": metrics.adjusted_mutual_info_score(truth, clusters),
            "ari": metrics.adjusted_rand_score(truth, clusters),
        })
    write("ClusteringTests", "scores", f"scikit-learn {sklearn.__version__}", {"cases": cases})


def silhouettes():
    rng = np.random.default_rng(8)
    cases = []
    while len(cases) < 1000:
        n, d = int(rng.integers(3, 24)), int(rng.integers(1, 5))
        points = rng.normal(size=(n, d)).round(3).astype(np.float32)
        labels = rng.integers(0, rng.integers(2, 6), n)
        if 2 <= len(set(labels.tolist())) < n:
            value = metrics.silhouette_score(points.astype(np.float64), labels)
            cases.append({
                "points": [[float(v) for v in row] for row in points.astype(float).round(3)],
                "labels": labels.tolist(), "silhouette": float(value),
            })
    write("ClusteringTests", "silhouettes", f"scikit-learn {sklearn.__version__}", {"cases": cases})


def pca():
    cases = []
    for seed, (n, d, c) in enumerate([(40, 6, 3), (100, 20, 10), (15, 30, 8)]):
        rng = np.random.default_rng(100 + seed)
        points = (rng.normal(size=(n, d)) @ rng.normal(size=(d, d))).astype(np.float32)
        model = PCA(c, svd_solver="full").fit(points.astype(np.float64))
        cases.append({
            "components": c, "points": points.astype(float).tolist(),
            "variances": model.explained_variance_.tolist(),
            "projected": model.transform(points.astype(np.float64)).tolist(),
        })
    write("FeaturesTests", "pca", f"scikit-learn {sklearn.__version__}", {"cases": cases})


def principal_directions():
    """So many rows and columns that only the leading directions are looked for. Whole numbers, a letter each."""
    rng = np.random.default_rng(200)
    n, d, kept = 700, 600, 4
    points = rng.normal(size=(n, d))
    for c in range(kept):
        points += (24 - 4 * c) * rng.normal(size=(n, 1)) * np.sin((c + 1) * np.arange(d) / 7) / 5
    points = points.round().clip(-30, 30).astype(int)
    model = PCA(kept, svd_solver="full").fit(points)
    write("FeaturesTests", "principal-directions", f"scikit-learn {sklearn.__version__}", {
        "rows": n, "components": kept, "points": "".join(chr(ord("A") + 30 + v) for v in points.ravel()).replace("\\", "~"),
        "variances": model.explained_variance_.tolist(), "projected": model.transform(points[:20]).tolist(),
    })


def gradients():
    cases = []
    side = 64
    y, x = np.mgrid[:side, :side]
    for a, b, c in [(3, 5, 0), (7, 2, 1), (0, 0, 3), (0, 4, 0)]:
        image = ((x * a + y * b + x * y * c) % 256 / 255).astype(np.float32)
        values = hog(image, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), block_norm="L2-Hys")
        cases.append({"a": a, "b": b, "c": c, "values": np.sqrt(values).round(6).tolist()})
    write("FeaturesTests", "gradients", f"scikit-image {skimage.__version__}", {"side": side, "cases": cases})


def windowing():
    """Stored values and what pydicom's modality and VOI transformation make of them, in 8 bits to the last grey. Edges
    of windows and steps of greys fall on codes and between them."""
    stored = sorted({*range(0, 4096, 13), 1, 5, 100, 511, *range(1000, 1070), 4095})
    cases = []
    for slope, intercept, center, width, function in [
        (1, -1024, 40, 400, ""), (1, 0, 2048, 4096, "LINEAR"), (2.5, -10, 600, 1, ""),
        (1, -1024, 40, 400, "LINEAR_EXACT"), (1, 0, 1000, 500, "SIGMOID"), (0.5, 3, 512.5, 2, "LINEAR"),
        (1, 0, 1024, 511, ""), (1, 0, 1024.5, 256, ""), (1, 0, 127.5, 256, ""), (2, -1, 1023, 511, ""),
        (0.1, 0.05, 102.4, 52, ""), (0.2442, -1, 500, 1000, ""), (1.5, -0.5, 1500, 1021, "LINEAR_EXACT"),
        (3, 1.25, 3072, 510, "LINEAR_EXACT"), (-1, 4095, 2047.5, 4096, ""), (1, -1024, 300.5, 1500, "SIGMOID"),
        (0.001, 0, 1.024, 0.25, "LINEAR_EXACT"), (0.001, 0, 1.024, 0.05, "SIGMOID"),
    ]:
        rescale = pydicom.Dataset()
        rescale.RescaleSlope, rescale.RescaleIntercept = slope, intercept
        values = apply_modality_lut(np.array(stored, dtype=np.uint16), rescale).astype(np.float64)
        # Without a rescale of its own pydicom scales to what the bits stored hold.
        window = pydicom.Dataset()
        window.WindowCenter, window.WindowWidth = center, width
        if function:
            window.VOILUTFunction = function
        window.PhotometricInterpretation, window.BitsStored, window.PixelRepresentation = "MONOCHROME2", 8, 0
        grey = np.floor(apply_voi_lut(values, window) + 0.5).astype(int)
        cases.append({
            "slope": slope, "intercept": intercept, "center": center, "width": width,
            "function": function, "grey": grey.tolist(),
        })
    write("DecodingTests", "windowing", f"pydicom {pydicom.__version__}", {"stored": stored, "cases": cases})


def keys():
    secret = bytes(range(32))
    cases = [
        {"purpose": p, "identifier": i,
         "key": hmac.new(secret, f"{p}\0{i}".encode(), hashlib.sha256).hexdigest()[:32]}
        for p, i in [("study", "1.2.3"), ("series", "1.2.3"), ("path", "/srv/ž/a b.dcm"), ("study", "")]
    ]
    write("CoreTests", "keys", "Python hmac", {"cases": cases})


def digests():
    # Shorter and longer than what is read at once.
    cases = [{"length": length, "digest": xxhash.xxh3_128_hexdigest(bytes(i * 31 % 251 for i in range(length)))}
             for length in (0, 1, 240, 241, 65_536, 200_003)]
    write("DecodingTests", "digests", f"xxhash {version('xxhash')}", {"cases": cases})


for make in (kmeans, kmedoids, metrics_of_pairs, scores, silhouettes, pca, principal_directions, gradients, windowing, keys, digests):
    if not sys.argv[1:] or make.__name__ in sys.argv[1:]:
        make()
