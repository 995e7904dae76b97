"""Which inputs of all-MiniLM-L6-v2's dense layers take values that are many times larger than the others'.

Eight bits hold 256 steps between the smallest and the largest value: one value of 30 among values of 0.5 leaves the
others a handful of steps. So these inputs are multiplied as float32, apart. `tests/bench/embedding.py --wide` prints
these tables, from the largest values over texts; they belong to the weights and change with them.
"""

# fmt: off
# of the 384 inputs of a layer's attention and of its intermediate layer
HIDDEN: tuple[int, ...] = (
    63, 94, 99, 112, 127, 131, 137, 145, 157, 163, 189, 198, 200, 223, 232, 233, 245, 249, 252, 267, 270, 288,
    297, 303, 319, 322, 338, 347, 354, 363, 364, 383,
)

# of the 1,536 inputs of each layer's output layer
INNER: tuple[tuple[int, ...], ...] = (
    (
        155, 329, 374, 433, 463, 546, 602, 635, 691, 743, 799, 829, 848, 856, 982, 984, 1017, 1032, 1058, 1096,
        1163, 1166, 1170, 1239, 1246, 1261, 1337, 1359, 1389, 1437, 1477, 1480,
    ),
    (
        17, 26, 102, 116, 173, 251, 278, 327, 360, 409, 417, 467, 505, 551, 588, 607, 646, 801, 821, 823, 838,
        860, 869, 898, 951, 1028, 1072, 1162, 1184, 1200, 1249, 1250,
    ),
    (
        144, 145, 191, 218, 303, 304, 311, 316, 389, 393, 479, 531, 606, 633, 804, 805, 842, 850, 874, 981, 994,
        1004, 1042, 1084, 1157, 1166, 1244, 1265, 1309, 1445, 1446, 1484,
    ),
    (
        32, 112, 117, 119, 166, 201, 214, 287, 318, 346, 356, 358, 456, 493, 548, 662, 722, 750, 759, 777, 833,
        1004, 1037, 1076, 1085, 1129, 1238, 1268, 1415, 1484, 1506, 1507,
    ),
    (
        128, 141, 192, 242, 299, 349, 373, 409, 619, 621, 637, 661, 682, 716, 720, 767, 769, 852, 917, 918,
        1031, 1097, 1218, 1257, 1313, 1321, 1357, 1397, 1443, 1498, 1499, 1526,
    ),
    (
        81, 85, 105, 119, 256, 287, 372, 423, 469, 480, 486, 541, 580, 617, 685, 745, 784, 885, 923, 959, 1027,
        1085, 1132, 1191, 1203, 1226, 1280, 1297, 1300, 1302, 1356, 1407,
    ),
)
# fmt: on
