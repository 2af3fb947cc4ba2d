"""Windows that start at every s-th place of a map, however long the map is."""


def pad_edges(x, size, step, name):
    """Pad a map for a convolution or a pool, and say how that is to pad.

    Keras' ``"same"`` centres windows with a stride within what is left of the map, so that where they start
    depends on its length: on padding, and on the batch in training. Here the first window always starts at
    the same place, and n frames leave ceil(n / step), as with ``"same"``.

    Parameters
    ----------
    x : Keras tensor of shape (n, n_frames, n_channels) or (n, n_frames, n_features, n_channels)
    size, step : tuple of int
        Of the window and from one to the next, for each axis of the map.
    name : str
        Of the layer that pads.

    Returns
    -------
    x : Keras tensor
    padding : {"same", "valid"}
    """
    from keras import layers

    if all(s == 1 or n == s == 2 for n, s in zip(size, step, strict=True)):
        return x, "same"
    edges = [((n - 1) // 2, n // 2) if n != s else (0, n - 1) for n, s in zip(size, step, strict=True)]
    pad = (
        layers.ZeroPadding1D(edges[0], name=name)
        if len(size) == 1
        else layers.ZeroPadding2D(edges, name=name)
    )
    return pad(x), "valid"
