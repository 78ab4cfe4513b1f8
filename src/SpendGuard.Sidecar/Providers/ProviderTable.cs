using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Headers;
using SpendGuard.Sidecar.Dialects.OpenAI;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Providers;

/// <summary>The providers that calls can go to: the four known ones, and OpenAI-compatible ones by configuration.</summary>
internal static class ProviderTable
{
    private const string OpenAIOutputCap = "OPENAI_OUTPUT_CAP";

    private static readonly string[] OfCompatible = ["BaseUrl", "KeyVariable", "OutputCap", "ForwardHeaders"];

    public static IReadOnlyDictionary<string, Provider> Read(SettingsReader reader, IConfiguration configuration)
    {
        var (xaiKey, grokKey) = (reader.Text("XAI_API_KEY"), reader.Text("GROK_API_KEY"));
        var providers = new Dictionary<string, Provider>(StringComparer.Ordinal)
        {
            ["openai"] = new("openai", reader.Address("OPENAI_BASE_URL", "https://api.openai.com/v1"), Wings.OpenAI, reader.Text("OPENAI_API_KEY"), "OPENAI_API_KEY")
            {
                Headers = Given((OpenAIHeaders.Organization, reader.Text("OPENAI_ORG_ID")), (OpenAIHeaders.Project, reader.Text("OPENAI_PROJECT_ID"))),
                OutputCap = OutputCap(reader, OpenAIOutputCap, OutputCapName.MaxCompletionTokens),
                OutputCapSetting = OpenAIOutputCap,
            },
            ["grok"] = new("grok", reader.Address("XAI_BASE_URL", "https://api.x.ai/v1"), Wings.OpenAI, xaiKey ?? grokKey, "XAI_API_KEY")
            {
                OwnHeaders = [new HeaderRule("x-grok-conv-id", "It finds the cache of a conversation, which is cheaper.")],
                OutputCap = OutputCapName.MaxCompletionTokens,
            },
            ["gemini"] = Gemini(reader.Address("GEMINI_BASE_URL", "https://generativelanguage.googleapis.com"), reader.Text("GEMINI_API_KEY")),
            ["anthropic"] = new("anthropic", reader.Address("ANTHROPIC_BASE_URL", "https://api.anthropic.com"), Wings.Anthropic, reader.Text("ANTHROPIC_API_KEY"), "ANTHROPIC_API_KEY")
            {
                Headers = Given((AnthropicWing.Version, reader.Text("ANTHROPIC_VERSION", "2023-06-01"))),
            },
        };

        foreach (var section in configuration.GetSection("SpendGuard:Providers").GetChildren())
        {
            var name = section.Key.ToLowerInvariant();
            if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') || !providers.TryAdd(name, Compatible(name, section, reader)))
            {
                reader.Fault($"SpendGuard:Providers has '{section.Key}', which is taken or not a name of letters, digits, '-' and '_'.", 0);
            }
        }

        return providers;
    }

    /// <summary>Google's API, and the part of it that speaks OpenAI's formats: the same models at the same prices.</summary>
    private static Provider Gemini(string address, string? key)
    {
        const string Variable = "GEMINI_API_KEY";
        const string Compatible = "/v1beta/openai";
        return new Provider("gemini", address, Wings.Gemini, key, Variable)
        {
            Also = [new Provider("gemini", address + Compatible, Wings.OpenAI, key, Variable) { Prefix = Compatible }],
        };
    }

    private static Provider Compatible(string name, IConfigurationSection section, SettingsReader reader)
    {
        var variable = section["KeyVariable"];
        foreach (var unknown in section.GetChildren().Where(setting => !OfCompatible.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)))
        {
            reader.Fault($"{unknown.Path} is no setting of a provider. There are: {string.Join(", ", OfCompatible)}.", 0);
        }

        return new Provider(
            name,
            reader.RequiredAddress(section.Path + ":BaseUrl"),
            Wings.OpenAI,
            string.IsNullOrWhiteSpace(variable) ? null : reader.Text(variable),
            string.IsNullOrWhiteSpace(variable) ? "" : variable)
        {
            OutputCap = OutputCap(reader, section.Path + ":OutputCap", OutputCapName.MaxTokens),
            OutputCapSetting = $"SpendGuard__Providers__{name}__OutputCap",
            OwnHeaders = [.. OwnHeaders(reader, section.Path + ":ForwardHeaders")],
        };
    }

    private static IEnumerable<HeaderRule> OwnHeaders(SettingsReader reader, string setting) =>
        from name in reader.List(setting)
        where HeaderRule.MayBeGiven(name)
            || reader.Fault($"{setting} has '{name}', which is no name of a header, or of one that is not the caller's to set.", false)
        select new HeaderRule(name, "The settings have it.");

    private static OutputCapName OutputCap(SettingsReader reader, string setting, OutputCapName fallback) =>
        reader.Choice(setting, fallback == OutputCapName.MaxTokens ? "max_tokens" : "max_completion_tokens", "max_tokens", "max_completion_tokens", "both") switch
        {
            "max_tokens" => OutputCapName.MaxTokens,
            "max_completion_tokens" => OutputCapName.MaxCompletionTokens,
            _ => OutputCapName.Both,
        };

    private static Dictionary<string, string> Given(params ReadOnlySpan<(string Name, string? Value)> headers)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                given.Add(name, value);
            }
        }

        return given;
    }
}
