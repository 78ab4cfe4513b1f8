using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.SignedPrices;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Reads where signed request tables come from. What is asked of them is as for prices.</summary>
internal static class TableSettings
{
    private const string Url = "SPENDGUARD_REQUEST_TABLES_URL";

    /// <summary>Where they come from; null for those that ship with SpendGuard.</summary>
    public static SignedPriceOptions? Read(SettingsReader reader, string sqlitePath)
    {
        if (reader.Text(Url) is not { } source)
        {
            return null;
        }

        var options = TableDocuments.Name(PriceSettings.ReadSigned(reader, SourceOf(reader, source)));
        options.Names.Source = Url;
        options.Names.Alternative = $"To start without them, leave out {Url}: the request tables that ship with SpendGuard never expire and are not updated.";
        options.KeptPath = sqlitePath + ".tables.json";
        return options;
    }

    private static string SourceOf(SettingsReader reader, string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var address) ? Path.GetFullPath(text)
        : address.IsFile ? address.LocalPath
        : address.Scheme is "http" or "https" ? text
        : reader.Fault($"{Url} is '{text}'; it has to be an http, https or file address, or a path.", text);
}
