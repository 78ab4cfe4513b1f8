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

    /// <summary>The model that has no price.</summary>
    public ModelKey Model { get; }

    /// <summary>Known models with the most similar names, nearest first; may be empty.</summary>
    public IReadOnlyList<ModelKey> Nearest { get; }
}
