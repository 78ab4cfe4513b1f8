using SpendGuard.Pricing;

namespace SpendGuard;

/// <summary>Prices were not taken over because their document is faulty. A faulty document is refused as a whole: no price, no call.</summary>
public sealed class PriceFormatException : SpendGuardException
{
    internal PriceFormatException(string message, ModelKey? model = null, string? field = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Model = model;
        Field = field;
    }

    /// <summary>The model whose rate card is at fault; null when the fault is not in a rate card.</summary>
    public ModelKey? Model { get; }

    /// <summary>The field that is at fault, such as <c>context_tiers[0].input_cents_per_1m</c>; null when it is the document as a whole.</summary>
    public string? Field { get; }
}
