using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Bounds;

/// <summary>Bounds the number of tokens in a text.</summary>
[Experimental(ApiTier.Adapters)]
public interface ITokenCounter
{
    /// <summary>The most tokens that the provider can count for a text; exact where the tokenizer is known.</summary>
    long Bound(string text);
}
