#!/usr/bin/env python3
"""The script that a user would write instead of the daemon: pydicom and pylibjpeg read, numpy windows and shrinks,
scikit-learn embeds (PCA of images and tags, TF-IDF and truncated SVD of reports) and clusters, in two processes.

    pip install numpy pydicom pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pylibjpeg-rle scikit-learn
    scripts/peers/pipeline.py fit FOLDER MODELS
    scripts/peers/pipeline.py run FOLDER MODELS LABELS

`fit` trains the models; `run` labels the studies of a folder with them and moves the centroids, as the daemon does with
a frozen bundle.
"""
import json
import multiprocessing
import os
import pathlib
import pickle
import sys
import warnings

from needed import need

need("numpy", "pydicom", "sklearn")

import numpy as np
import pydicom
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer

SIDE, FRAMES, K = 128, 3, 50
CATEGORIES = ["Modality", "BodyPartExamined", "Manufacturer", "ManufacturerModelName", "PhotometricInterpretation",
              "ScanningSequence", "PatientPosition", "ViewPosition", "Laterality"]
NUMBERS = ["Rows", "Columns", "BitsStored", "SliceThickness", "KVP", "RepetitionTime", "EchoTime", "ExposureTime",
           "WindowCenter", "WindowWidth"]


def number(value):
    if isinstance(value, pydicom.multival.MultiValue):
        value = value[0] if len(value) else None
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        return None


def small(grey):
    """Padded to a square, averaged down by a matrix from each side."""
    rows, columns = grey.shape
    square = max(rows, columns)

    def weights(length):
        edges = np.linspace(0, square, SIDE + 1) - (square - length) / 2
        cells = np.arange(length)
        covered = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
        return np.clip(covered, 0, None).astype(np.float32) * (SIDE / square)

    return weights(rows) @ grey @ weights(columns).T


def window(dataset, pixels):
    pixels = pixels.astype(np.float32)
    pixels = pixels * (number(dataset.get("RescaleSlope")) or 1) + (number(dataset.get("RescaleIntercept")) or 0)
    center, width = number(dataset.get("WindowCenter")), number(dataset.get("WindowWidth"))
    if center is None or width is None or width < 1:
        low, high = np.percentile(pixels, (1, 99))
    else:
        low, high = center - width / 2, center + width / 2
    grey = np.clip((pixels - low) / max(high - low, 1e-6), 0, 1) * 255
    return 255 - grey if dataset.get("PhotometricInterpretation") == "MONOCHROME1" else grey


def read(path):
    """Study, image vector (mean of its frames), tags and report text of one file; None if it isn't a DICOM file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(path)
            tags = {key: str(dataset.get(key)) for key in CATEGORIES if dataset.get(key) not in (None, "")}
            tags |= {key: number(dataset.get(key)) for key in NUMBERS if number(dataset.get(key)) is not None}
            images = []
            if "PixelData" in dataset:
                pixels = dataset.pixel_array
                frames = int(dataset.get("NumberOfFrames") or 1)
                if frames == 1:
                    pixels = pixels[None]
                wanted = min(FRAMES, frames)
                for i in range(wanted):
                    frame = pixels[(2 * i + 1) * frames // (2 * wanted)]
                    if frame.ndim == 3:
                        frame = frame @ np.array([0.299, 0.587, 0.114], np.float32)
                    images.append(small(window(dataset, frame)).astype(np.uint8))
            return str(dataset.StudyInstanceUID), str(dataset.get("AccessionNumber", "")), images, tags
    except (pydicom.errors.InvalidDicomError, AttributeError):
        return None


def studies(folder):
    paths = [str(path) for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()]
    reports = {pathlib.Path(path).stem: pathlib.Path(path).read_text(errors="replace")
               for path in paths if path.endswith(".txt")}
    found = {}
    with multiprocessing.Pool(2) as pool:
        for result in pool.imap_unordered(read, [p for p in paths if not p.endswith(".txt")], chunksize=16):
            if result is None:
                continue
            study, accession, images, tags = result
            entry = found.setdefault(study, {"images": [], "tags": tags, "text": ""})
            entry["images"] += images
            entry["text"] = entry["text"] or reports.get(study) or reports.get(accession) or ""
    return len(paths), found


def grid(image):
    return image.reshape(64, 2, 64, 2).mean((1, 3)).ravel()


class Models:
    def fit(self, found):
        images = np.array([grid(image) for entry in found.values() for image in entry["images"]], np.float32)
        self.image = PCA(64, svd_solver="randomized", random_state=1).fit(images)
        self.names = DictVectorizer(sparse=False).fit([entry["tags"] for entry in found.values()])
        table = self.names.transform([entry["tags"] for entry in found.values()])
        self.mean, self.scale = table.mean(0), np.maximum(table.std(0), 1e-6)
        self.tags = PCA(min(32, table.shape[1])).fit((table - self.mean) / self.scale)
        words = TfidfVectorizer(stop_words="english").fit([entry["text"] for entry in found.values()])
        self.words, self.text = words, TruncatedSVD(64).fit(words.transform([e["text"] for e in found.values()]))
        self.clusters = MiniBatchKMeans(K, batch_size=64, random_state=1).fit(self.embed(found))

    def embed(self, found):
        rows = []
        for entry in found.values():
            images = np.array([grid(image) for image in entry["images"]], np.float32)
            rows.append(self.image.transform(images).mean(0) if len(images) else np.zeros(64, np.float32))
        table = (self.names.transform([entry["tags"] for entry in found.values()]) - self.mean) / self.scale
        texts = self.text.transform(self.words.transform([entry["text"] for entry in found.values()]))
        return np.hstack([rows, self.tags.transform(table), texts]).astype(np.float32)


def main():
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    verb, folder, models, *rest = sys.argv[1:]
    files, found = studies(folder)
    if verb == "fit":
        fitted = Models()
        fitted.fit(found)
        pathlib.Path(models).write_bytes(pickle.dumps(fitted))
    elif found:
        fitted = pickle.loads(pathlib.Path(models).read_bytes())
        embedded = fitted.embed(found)
        with open(rest[0], "w") as out:
            for start in range(0, len(embedded), 64):
                batch = embedded[start:start + 64]
                labels = fitted.clusters.predict(batch)
                for study, label in zip(list(found)[start:start + 64], labels):
                    out.write(json.dumps({"study": study, "cluster": int(label)}) + "\n")
                if len(batch) >= K:
                    fitted.clusters.partial_fit(batch)
    print(f"{files} files, {len(found)} studies")


main()
