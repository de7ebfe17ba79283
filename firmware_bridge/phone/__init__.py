"""What phones send while they measure: apps that push or are polled, and pages in a browser."""
