using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SpendGuard.Bounds;

/// <summary>A point in an <see cref="InputBound"/>.</summary>
[Experimental(ApiTier.Adapters)]
[StructLayout(LayoutKind.Auto)]
public readonly record struct InputMark
{
    internal InputMark(long tokens, int parts) => (Tokens, Parts) = (tokens, parts);

    internal long Tokens { get; }

    internal int Parts { get; }
}
