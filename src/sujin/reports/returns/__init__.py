"""报送: returns as declared in the pack, reconciled, compared with what was submitted before."""
