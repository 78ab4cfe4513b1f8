using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Pricing;

/// <summary>A model as prices name it: the provider that bills for it and the provider's name for it.</summary>
/// <remarks>Names are compared as they stand; an alias or a dated snapshot is a model of its own.</remarks>
[Experimental(ApiTier.Adapters)]
public readonly record struct ModelKey
{
    /// <summary>Names a model.</summary>
    /// <param name="provider">Who bills for it, as the price book names it; compared in lower case.</param>
    /// <param name="model">The provider's name for it.</param>
    /// <exception cref="ArgumentException">A part is empty.</exception>
    public ModelKey(string provider, string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        Provider = provider.ToLowerInvariant();
        Model = model;
    }

    /// <summary>Who bills for the model.</summary>
    public string Provider { get; }

    /// <summary>The provider's name for the model.</summary>
    public string Model { get; }

    /// <summary>The model as <c>provider:model</c>.</summary>
    public override string ToString() => $"{Provider}:{Model}";
}
