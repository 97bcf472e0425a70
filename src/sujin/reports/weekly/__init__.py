"""每周复盘材料: per department what is new, late and solved, and what falls due."""
