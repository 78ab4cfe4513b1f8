namespace SpendGuard.Sidecar.Settings;

/// <summary>Names every setting that is wrong, so that one start shows them all.</summary>
internal sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception("The settings are wrong:" + string.Concat(faults.Select(fault => $"{Environment.NewLine}  - {fault}")))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
