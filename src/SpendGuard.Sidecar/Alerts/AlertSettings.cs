using SpendGuard.Alerts;
using SpendGuard.Alerts.Webhooks;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Alerts;

/// <summary>Whom alerts are delivered to, beside the log.</summary>
internal sealed record AlertSettings
{
    /// <summary>The addresses of webhooks.</summary>
    public IReadOnlyList<Uri> Webhooks { get; init; } = [];

    /// <summary>What their requests are signed with: several while receivers change from one to the next.</summary>
    public IReadOnlyList<WebhookSecret> Secrets { get; init; } = [];

    /// <summary>Whether webhooks go to public addresses only.</summary>
    public bool PublicOnly { get; init; }

    public static AlertSettings Read(SettingsReader reader, bool hosted)
    {
        const string Url = "CAP_ALERT_WEBHOOK_URL", Secret = "CAP_ALERT_WEBHOOK_SECRET";
        var settings = new AlertSettings { Webhooks = reader.AddressesOf(Url), Secrets = reader.SecretsOf(Secret), PublicOnly = hosted };
        if (reader.Text(Url) is null != reader.Text(Secret) is null)
        {
            return reader.Fault(
                reader.Text(Url) is null
                    ? $"{Secret} is set, but {Url} is not. Set that to where alerts are to be sent, or take {Secret} out."
                    : $"{Url} is set, but {Secret} is not, by which the receiver knows who sends. Make one: echo whsec_$(openssl rand -base64 32)",
                settings);
        }

        foreach (var address in settings.Secrets.Count > 0 ? settings.Webhooks : [])
        {
            if (address is { Scheme: "http", IsLoopback: false, HostNameType: UriHostNameType.Dns })
            {
                reader.Fault($"{Url} has the host '{address.Host}' with http://, which is for this machine only: what is sent is not encrypted. Use https://.", 0);
                continue;
            }

            try
            {
                settings.Sink(address, TimeProvider.System).Dispose();
            }
            catch (ArgumentException exception)
            {
                reader.Fault($"{Url}: {exception.Message.Split(" (Parameter", 2)[0]}", 0);
            }
        }

        return settings;
    }

    /// <summary>What sends to one of the webhooks.</summary>
    /// <param name="address">The address.</param>
    /// <param name="time">The clock.</param>
    /// <param name="organization">Whose alerts they are; null where there is one store.</param>
    /// <param name="findApproveUrl">Finds where people approve what an alert asks for; null where there is no such place.</param>
    /// <exception cref="ArgumentException">No webhook may go there.</exception>
    public WebhookSink Sink(
        Uri address, TimeProvider time, string? organization = null, Func<Alert, CancellationToken, ValueTask<string?>>? findApproveUrl = null) =>
        new(address, Secrets, PublicOnly, time) { Organization = organization, FindApproveUrl = findApproveUrl };
}
