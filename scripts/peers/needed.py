"""Names the packages that a script needs and this interpreter lacks, with the command that installs them."""
import importlib.util
import sys

PACKAGES = {"sklearn": "scikit-learn", "faiss": "faiss-cpu", "PIL": "pillow", "dicomanonymizer": "dicom-anonymizer"}


def need(*modules):
    missing = [PACKAGES.get(module, module) for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        sys.exit(f"{sys.argv[0]}: {sys.executable} lacks {', '.join(missing)}; install with\n"
                 f"    {sys.executable} -m pip install {' '.join(missing)}")
