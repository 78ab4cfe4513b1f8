using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Billing;

/// <summary>Whether a provider counts reasoning as part of the output.</summary>
[Experimental(ApiTier.Adapters)]
public enum ReasoningPlace
{
    /// <summary>It is part of the output, unless the total tells that it is beside it.</summary>
    Within,

    /// <summary>It is beside the output, unless the total tells that it is part of it.</summary>
    Beside,

    /// <summary>It is beside the output, whatever the total tells.</summary>
    OnlyBeside,
}
