"""Split 10.00 between three people."""

import sys

from .bill import receipt

sys.stdout.write(receipt(1000, 3) + "\n")
