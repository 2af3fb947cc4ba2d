"""Networks of a user's own, in a module because a saved classifier finds them by name."""


def averaging_network(input_shape, n_classes):
    import keras

    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def network_with_a_lambda(input_shape, n_classes):
    import keras

    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Lambda(lambda frames: frames[:, 0]),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def network_with_one_output(input_shape, n_classes):
    import keras

    return keras.Sequential([keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(1)])


def network_of_logits(input_shape, n_classes):
    import keras

    return keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(n_classes)])


def no_network(input_shape, n_classes):
    return "a network"
