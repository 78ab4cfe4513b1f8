namespace SpendGuard.Bounds;

/// <summary>How text becomes tokens.</summary>
internal enum TextEncoding
{
    /// <summary>It is not published: no more tokens than bytes.</summary>
    Bytes,

    /// <summary>The published encoding <c>o200k_base</c>.</summary>
    O200k,

    /// <summary>The published encoding <c>cl100k_base</c>.</summary>
    Cl100k,
}
