"""The whole against a small model of people, phones, a carrier and a clock; hypothesis thinks up what happens.

model.py is what the domain promises, and knows nothing of the code's states; lives.py what it keeps of each phone;
texts.py what people write; places.py who is asked where; carrier.py the carrier. being.py is world and model side by
side; asking.py, sending.py and talking.py do one thing after another to both; truths.py is what holds of the tables.
"""

import pytest

pytest.register_assert_rewrite("tests.model.asking", "tests.model.being", "tests.model.talking", "tests.model.truths")
