using System.ClientModel.Primitives;
using System.Text.Json;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>The JSON that an answer of a provider's SDK came from. It has fields that the SDK and its adapter do not hand on.</summary>
internal static class RawAnswer
{
    /// <summary>The JSON; null for an object that does not give it.</summary>
    public static JsonDocument? Read(object? raw)
    {
        try
        {
            return Write(raw) is { } json && JsonDocument.Parse(json) is { RootElement.ValueKind: JsonValueKind.Object } document
                ? document
                : null;
        }
        catch (Exception)
        {
            // Some of the SDKs' models fail to write what they have read. The caller's answer must not be lost over it.
            return null;
        }
    }

    private static string? Write(object? raw) => raw switch
    {
        IPersistableModel<object> model => model.Write(ModelReaderWriterOptions.Json).ToString(),
        not null when VendorSdk.PrintsItself(raw) => raw.ToString(),
        _ => null,
    };
}
