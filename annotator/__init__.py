"""The tool: labeling, rounds in the background, curves and exports."""
