using System.Text;

namespace SpendGuard.Bounds;

/// <summary>Bounds tokens by UTF-8 bytes: a byte-level tokenizer never makes more than one token of a byte.</summary>
/// <remarks>
/// Never by characters: one UTF-16 unit can be three tokens. A lone surrogate counts as the three bytes of U+FFFD that replace it on
/// the wire.
/// </remarks>
internal sealed class Utf8TokenCounter : ITokenCounter
{
    public long Bound(string text, CancellationToken cancellationToken = default) => Encoding.UTF8.GetByteCount(text);
}
