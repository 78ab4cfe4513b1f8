using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Bounds;

/// <summary>Bounds the number of tokens in a text.</summary>
[Experimental(ApiTier.Adapters)]
public interface ITokenCounter
{
    /// <summary>The most tokens that the provider can count for a text; exact for most text where the tokenizer is known. Takes time linear in the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops counting.</param>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    long Bound(string text, CancellationToken cancellationToken = default);
}
