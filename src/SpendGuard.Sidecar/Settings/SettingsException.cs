using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Names every setting that is wrong, so that one start shows them all.</summary>
[Experimental("SPENDGUARD002")]
public sealed class SettingsException : Exception
{
    internal SettingsException(IReadOnlyList<string> faults)
        : base("The settings are wrong:" + string.Concat(faults.Select(fault => $"{Environment.NewLine}  - {fault}")))
    {
        Faults = faults;
    }

    /// <summary>The settings that are wrong, each with what it has to be.</summary>
    public IReadOnlyList<string> Faults { get; }
}
