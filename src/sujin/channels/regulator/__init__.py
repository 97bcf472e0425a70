"""The regulator's door: transfer letters of 12378, 12363, 12386, 12345 and petition offices.

Outside world: a letter, or a spreadsheet of letters, that names an agency, its reference number
and the date by which it wants to hear. The same agency and reference is one letter, however often
it comes in.
"""
