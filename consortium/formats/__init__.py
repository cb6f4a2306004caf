"""How dates are written in the languages for which Django has no forms of its own: it would write them the English way.

Days in numbers: Django's names of months are in the wrong case or spelling there.
"""
