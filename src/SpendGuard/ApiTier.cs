namespace SpendGuard;

/// <summary>The ids that mark what an application has no need of. They are told of where they are used, so that nobody builds on them unawares.</summary>
internal static class ApiTier
{
    /// <summary>For authors of stores.</summary>
    public const string Stores = "SPENDGUARD001";

    /// <summary>For authors of adapters and hosts.</summary>
    public const string Adapters = "SPENDGUARD002";
}
