"""Epochs as a loop of TensorFlow's own, which comes back to Python only once in many steps.

``Model.fit`` draws each batch from a Python generator in another thread, and hands it from there to an
iterator and to an optional in the graph, which takes a third of the time in which a small network is trained.
"""

# Steps between two looks at the loss, and at whether the user wants to interrupt.
_STEPS_AT_ONCE = 32


def fit_in_graph(
    network, batches, *, epochs, callbacks, verbose, validation_data=None, validation_batch_size=None
):
    """Train a compiled network by the steps that ``network.fit`` would take.

    Parameters
    ----------
    network : keras.Model
        Compiled, on TensorFlow.
    batches : Batches
    epochs : int
    callbacks : list of keras.callbacks.Callback
        Of those of batches ``on_train_batch_end`` alone is called, and not for every batch.
    verbose : int
    validation_data : tuple of ndarray or None
        Recordings, one-hot emotions and weights of what is held out.
    validation_batch_size : int or None

    Returns
    -------
    history : keras.callbacks.History
    """
    import keras

    take_steps = _program_of(network)
    n_steps = len(batches)
    callbacks = keras.callbacks.CallbackList(
        callbacks,
        add_history=True,
        add_progbar=verbose != 0,
        verbose=verbose,
        epochs=epochs,
        steps=n_steps,
        model=network,
    )
    network.stop_training = False
    callbacks.on_train_begin()
    for epoch in range(epochs):
        batches.on_epoch_end()  # as in ``fit``, where Keras has looked at some batches before the first
        network.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        for first in range(0, n_steps, _STEPS_AT_ONCE):
            last = min(first + _STEPS_AT_ONCE, n_steps)
            take_steps(*batches.join(first, last))
            logs = network.get_metrics_result()
            callbacks.on_train_batch_end(last - 1, logs)
            if network.stop_training:
                break
        if validation_data is not None:
            X, y, sample_weight = validation_data
            held_out = network.evaluate(
                X,
                y,
                batch_size=validation_batch_size,
                sample_weight=sample_weight,
                callbacks=callbacks,
                return_dict=True,
            )
            logs |= {f"val_{name}": value for name, value in held_out.items()}
        callbacks.on_epoch_end(epoch, logs)
        if network.stop_training:
            break
    callbacks.on_train_end(logs)
    return network.history


def _program_of(network):
    """Give the function that takes several steps; it is traced once, and stays with the network."""
    if not hasattr(network, "take_steps_"):
        network.take_steps_ = _trace(network)
    return network.take_steps_


def _trace(network):
    import tensorflow as tf

    frames, emotions = network.inputs[0], network.outputs[0]
    takes_any_length = frames.shape[1] is None

    def take_steps(X, y, sample_weight, starts, n_frames):
        def step(index):
            rows = slice(starts[index], starts[index + 1])
            recordings = X[rows, : n_frames[index]] if takes_any_length else X[rows]
            network.train_step((recordings, y[rows], sample_weight[rows]))
            return [index + 1]

        tf.while_loop(lambda index: index < tf.size(n_frames), step, [0], parallel_iterations=1)

    signature = [
        *(tf.TensorSpec((None, *tensor.shape[1:]), tf.float32) for tensor in (frames, emotions)),
        tf.TensorSpec((None,), tf.float32),
        *2 * [tf.TensorSpec((None,), tf.int32)],
    ]
    return tf.function(take_steps, input_signature=signature, autograph=False)
