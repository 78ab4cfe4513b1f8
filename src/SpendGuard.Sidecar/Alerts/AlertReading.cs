using SpendGuard.Alerts.Webhooks;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Alerts;

/// <summary>Reads what stands in the settings of webhooks. No fault repeats what may be secret.</summary>
internal static class AlertReading
{
    public static IReadOnlyList<Uri> AddressesOf(this SettingsReader reader, string name)
    {
        var addresses = reader.List(name).Distinct(StringComparer.Ordinal)
            .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal) ? address : null).ToList();
        return addresses.Contains(null)
            ? reader.Fault($"{name} has an address that is none; each has to begin with https://, with commas between them.", (IReadOnlyList<Uri>)[])
            : addresses.OfType<Uri>().ToList();
    }

    public static IReadOnlyList<WebhookSecret> SecretsOf(this SettingsReader reader, string name)
    {
        try
        {
            return [.. reader.List(name).Select(WebhookSecret.Parse)];
        }
        catch (FormatException exception)
        {
            return reader.Fault($"{name}: {exception.Message}", (IReadOnlyList<WebhookSecret>)[]);
        }
    }
}
