"""What the commands stand on: finding, remembering, showing. It knows nothing of the cogs."""

from typing import Final

__version__: Final = "0.1.0"
