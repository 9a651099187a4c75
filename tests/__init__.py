"""Tests: they mirror app/, and journeys/ walks through whole visits in a browser."""
