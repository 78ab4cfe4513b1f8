using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard;

/// <summary>The call was refused because its model has no price: what cannot be priced cannot be capped.</summary>
public sealed class UnknownModelException : SpendGuardException
{
    internal UnknownModelException(ModelKey model, IReadOnlyList<ModelKey> nearest)
        : base($"Unknown model for pricing: {model}. "
            + (nearest.Count > 0 ? $"The nearest known models are {string.Join(", ", nearest)}. " : "")
            + "Use a model that has a price, or add a rate card for it to the price book.")
    {
        Model = model;
        Nearest = nearest;
    }

    /// <summary>The same refusal, by someone who knows more of the call.</summary>
    /// <param name="unpriced">The refusal.</param>
    /// <param name="remedy">What else to do about it, as whole sentences.</param>
    [Experimental(ApiTier.Adapters)]
    public UnknownModelException(UnknownModelException unpriced, string remedy)
        : base($"{unpriced?.Message} {remedy}", unpriced!)
    {
        ArgumentNullException.ThrowIfNull(unpriced);
        Model = unpriced.Model;
        Nearest = unpriced.Nearest;
    }

    /// <summary>The model that has no price.</summary>
    public ModelKey Model { get; }

    /// <summary>Known models with the most similar names, nearest first; may be empty.</summary>
    public IReadOnlyList<ModelKey> Nearest { get; }
}
