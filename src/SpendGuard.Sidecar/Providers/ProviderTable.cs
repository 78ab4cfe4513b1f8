using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Providers;

/// <summary>The providers that calls can go to: the four known ones, and OpenAI-compatible ones by configuration.</summary>
internal static class ProviderTable
{
    public static IReadOnlyDictionary<string, Provider> Read(SettingsReader reader, IConfiguration configuration)
    {
        var providers = new Dictionary<string, Provider>(StringComparer.Ordinal)
        {
            ["openai"] = new("openai", reader.Address("OPENAI_BASE_URL", "https://api.openai.com/v1"), Wings.OpenAI, reader.Text("OPENAI_API_KEY"), "OPENAI_API_KEY"),
            ["grok"] = new("grok", reader.Address("XAI_BASE_URL", "https://api.x.ai/v1"), Wings.OpenAI, reader.Text("XAI_API_KEY") ?? reader.Text("GROK_API_KEY"), "XAI_API_KEY"),
            ["gemini"] = new("gemini", reader.Address("GEMINI_BASE_URL", "https://generativelanguage.googleapis.com"), Wings.Gemini, reader.Text("GEMINI_API_KEY"), "GEMINI_API_KEY"),
            ["anthropic"] = new("anthropic", reader.Address("ANTHROPIC_BASE_URL", "https://api.anthropic.com"), Wings.Anthropic, reader.Text("ANTHROPIC_API_KEY"), "ANTHROPIC_API_KEY")
            {
                Headers = new Dictionary<string, string>(StringComparer.Ordinal) { [AnthropicWing.Version] = reader.Text("ANTHROPIC_VERSION", "2023-06-01") },
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

    private static Provider Compatible(string name, IConfigurationSection section, SettingsReader reader)
    {
        var variable = section["KeyVariable"];
        return new Provider(
            name,
            reader.Address(section.Path + ":BaseUrl", "http://localhost"),
            Wings.OpenAI,
            string.IsNullOrWhiteSpace(variable) ? null : reader.Text(variable),
            string.IsNullOrWhiteSpace(variable) ? "" : variable);
    }
}
