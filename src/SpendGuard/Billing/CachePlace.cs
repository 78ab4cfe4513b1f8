using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Billing;

/// <summary>Whether a provider counts what was read from a cache, or written to one, as part of the input.</summary>
[Experimental(ApiTier.Adapters)]
public enum CachePlace
{
    /// <summary>It is part of the input, unless the total tells that it is beside it.</summary>
    Within,

    /// <summary>It is beside the input, unless the total tells that it is part of it.</summary>
    Beside,

    /// <summary>It is beside the input, whatever the total tells.</summary>
    OnlyBeside,
}
