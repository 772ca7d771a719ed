"""Wrong answers to the exercises of graph, and a piece of the hint that each should get."""

WRONG = {
    "check_gradients({'x': -2, 'y': 2, 'z': -2})": "x has two ways to g",
    "check_gradients({'x': -1, 'y': -2, 'z': -2})": "the sign of y",
    "check_gradients({'x': -1, 'y': 2, 'z': 4})": "look again at z. At '*' each factor gets the other one",
    "check_gradients({'x': -1, 'y': 2})": "give a number for z",
    "check_numbers(2, 4, 4)": "6 is df/dz here, and df/dx is 4",
    "check_numbers(6, 2, 3)": "df/dx is 3. Which of the three numbers decides",
    "check_numbers(2, 3, 6)": "df/dx is 6, but f is 30",
    "check_numbers(1, None, 6)": "give a number for y",
    "check_books([3, 7, 4])": "v goes into both sides",
    "check_books([9, 13, 4])": "each side gets the other factor",
    "check_books([6, 4, 4])": "Nothing was cleared between A and B",
    "check_books([6, 24, 4])": "What is there already?",
    "check_books([6, 10, 14])": "has cleared what was there",
    "check_books([6, 10, 0])": "then b passes its gradient once",
    "check_books(4)": "a list of three numbers",
    "check_books([6, 10, None])": "1 of the three numbers are missing",
}
