"""The tool: labelling, rounds in the background, curves and exports."""
