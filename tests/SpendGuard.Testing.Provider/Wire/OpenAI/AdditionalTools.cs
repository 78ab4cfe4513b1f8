using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Tools that come as items of the input.</summary>
internal static class AdditionalTools
{
    public const string Item = "additional_tools";

    /// <summary>The header by which a client says that it sends such items. They are said to be refused without it.</summary>
    public const string Header = "x-openai-internal-codex-responses-lite";

    /// <exception cref="RejectedRequestException">There are some, and the header does not say so.</exception>
    public static void RequireHeader(SimulatedRequest request)
    {
        if (request.Body["input"].Objects().Any(item => item["type"].Text() == Item) && request.Headers.GetValueOrDefault(Header) is not "true")
        {
            throw new RejectedRequestException(400, $"Invalid value: '{Item}'.") { Param = "input" };
        }
    }
}
