using Microsoft.Extensions.Configuration;
using SpendGuard.Sidecar.Settings;
using SpendGuard.SignedPrices;

namespace SpendGuard.Cli.Prices;

/// <summary>What a sidecar with this environment would ask of a price document.</summary>
internal static class VerificationSettings
{
    private const string PublicKey = "CAP_PRICING_SIGNING_PUBLIC_KEY";

    private static readonly string[] Names =
        [PublicKey, "CAP_PRICING_SCHEMA_VERSION", "CAP_ENGINE_VERSION", "CAP_PRICING_HTTP_TIMEOUT_SECONDS", "CAP_PRICING_EXPIRY_SKEW_SECONDS"];

    /// <param name="shell">Whose environment it is.</param>
    /// <param name="publicKey">A public key in place of the environment's.</param>
    /// <exception cref="CommandFailedException">A setting is wrong.</exception>
    public static SignedPriceOptions Read(Shell shell, string? publicKey = null)
    {
        var values = Names.ToDictionary(name => name, shell.Variable, StringComparer.OrdinalIgnoreCase);
        values[PublicKey] = publicKey ?? values[PublicKey];
        try
        {
            return PriceSettings.ReadSigned(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        }
        catch (SettingsException exception)
        {
            throw new CommandFailedException(exception.Message, ExitCode.Usage, exception);
        }
    }
}
