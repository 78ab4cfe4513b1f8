namespace SpendGuard.Testing.Provider;

/// <summary>Ways in which providers write the same usage down.</summary>
[Flags]
public enum UsageQuirks
{
    None = 0,

    /// <summary>There is no total.</summary>
    NoTotal = 1,

    /// <summary>What is zero is null.</summary>
    NullForZero = 2,

    /// <summary>What is zero is left out.</summary>
    NothingForZero = 4,

    /// <summary>Earlier events have counts so far, of less than the last ones.</summary>
    Running = 8,

    /// <summary>What was written to a cache is not told by how long it lives.</summary>
    NoCacheLife = 16,

    /// <summary>The charge is not stated.</summary>
    NoCharge = 32,
}
