"""`python -m pytorch_tutor` is the console command `pytorch-tutor`."""

import sys

from pytorch_tutor.cli import main

if __name__ == "__main__":
    sys.exit(main())
