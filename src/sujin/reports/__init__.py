"""Windows out: bulletins and returns, each a template over figures that others keep.

A report reads and renders; it decides nothing and writes nothing. `quarterly` is the regulator's
bulletin by groups of banks (监管通报的体例): what was published of every bank, or of members of a
group, compiled into counts, shares, medians, rates and ranks; `monthly` is the month of the house
or of one branch, every count of which opens its cases. Figures are worked out once and then told in
`parts`: as a page, a PDF, a Word file and a spreadsheet.
"""
