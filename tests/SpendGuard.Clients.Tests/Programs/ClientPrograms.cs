using System.Text.Json.Nodes;

namespace SpendGuard.Clients.Tests.Programs;

/// <summary>The programs of the suite. Each may do all it likes in its folder, as one that runs alone at night, and tells nobody of it.</summary>
internal static class ClientPrograms
{
    private const string Model = "gpt-5.6";

    private static readonly Overload OpenAI = new(
        503,
        """{"error":{"message":"Our servers are currently overloaded. Please try again later.","type":"service_unavailable_error","param":null,"code":"server_is_overloaded"}}""");

    public static IReadOnlyList<ClientProgram> All { get; } =
    [
        Claude("@anthropic-ai/claude-code", "@anthropic-ai/claude-code-{0}/claude"),
        Claude("claude-code-2.1.197", "claude-code-2.1.197/node_modules/@anthropic-ai/claude-code-{0}/claude"),
        new("Codex", "@openai/codex", Codex) { Overload = OpenAI },
        new("Gemini CLI", "@google/gemini-cli", Gemini) { Overload = new(503), HasSubagents = true },
        new("opencode", "opencode-ai", Opencode) { Overload = OpenAI, HasSubagents = true },
        new("Qwen Code", "@qwen-code/qwen-code", Qwen) { Overload = new(429), HasSubagents = true, LoopCents = 150 },
        new("Continue", "@continuedev/cli", Continue) { Overload = new(429) },
    ];

    public static ClientProgram Titled(string title) => All.Single(program => program.Title == title);

    private static ClientProgram Claude(string package, string file) => new("Claude Code", package, site => Claude(site, file))
    {
        Overload = new(529),
        HasSubagents = true,
    };

    private static ClientStart Claude(ClientSite site, string file) =>
        new(Packages.Native(file, ""), "-p", site.Prompt, "--dangerously-skip-permissions")
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ANTHROPIC_BASE_URL"] = site.Sidecar,
                ["ANTHROPIC_API_KEY"] = site.Key,
                ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
                ["DISABLE_TELEMETRY"] = "1",

                // Else it will not run without asking where it is root, as in a container.
                ["IS_SANDBOX"] = "1",
            },
        };

    private static ClientStart Codex(ClientSite site)
    {
        const string Provider = "model_providers.spendguard";
        string[] settings =
        [
            "model_provider=spendguard",
            $"{Provider}.name=SpendGuard",
            $"{Provider}.base_url={site.Sidecar}/v1",
            $"{Provider}.env_key=SPENDGUARD_KEY",
            $"{Provider}.wire_api=responses",
            "analytics.enabled=false",
        ];
        return new(
            Packages.Node,
            [
                Packages.Script("@openai/codex/bin/codex.js"), "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox",
                .. settings.SelectMany(setting => (string[])["-c", setting]), site.Prompt,
            ])
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SPENDGUARD_KEY"] = site.Key },
        };
    }

    private static ClientStart Gemini(ClientSite site)
    {
        site.Write(
            ".gemini/settings.json",
            """{"security":{"auth":{"selectedType":"gemini-api-key"}},"privacy":{"usageStatisticsEnabled":false},"general":{"enableAutoUpdate":false}}""");
        return new(Packages.Node, Packages.Script("@google/gemini-cli/bundle/gemini.js"), "-p", site.Prompt, "--yolo")
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GOOGLE_GEMINI_BASE_URL"] = site.Sidecar,
                ["GEMINI_API_KEY"] = site.Key,
                ["GEMINI_CLI_TRUST_WORKSPACE"] = "true",
                ["GEMINI_TELEMETRY_ENABLED"] = "false",
            },
        };
    }

    private static ClientStart Opencode(ClientSite site)
    {
        var config = new JsonObject
        {
            ["model"] = "openai/" + Model,
            ["provider"] = new JsonObject
            {
                ["openai"] = new JsonObject
                {
                    ["options"] = new JsonObject
                    {
                        ["baseURL"] = site.Sidecar + "/v1",
                        ["apiKey"] = site.Key,
                    },
                },
            },
            ["autoupdate"] = false,
            ["share"] = "disabled",
            ["permission"] = "allow",
        };
        return new(Packages.Native("opencode-{0}", "bin/opencode"), "run", site.Prompt)
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["OPENCODE_CONFIG_CONTENT"] = config.ToJsonString(),
                ["OPENCODE_DISABLE_AUTOUPDATE"] = "1",
                ["OPENCODE_DISABLE_MODELS_FETCH"] = "1",
                ["OPENCODE_DISABLE_LSP_DOWNLOAD"] = "1",
            },
        };
    }

    private static ClientStart Qwen(ClientSite site)
    {
        var settings = new JsonObject
        {
            ["security"] = new JsonObject { ["auth"] = new JsonObject { ["selectedType"] = "openai" } },
            ["privacy"] = new JsonObject { ["usageStatisticsEnabled"] = false },
        };
        site.Write(".qwen/settings.json", settings.ToJsonString());
        return new(Packages.Node, Packages.Script("@qwen-code/qwen-code/cli-entry.js"), "-p", site.Prompt, "--yolo")
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["OPENAI_BASE_URL"] = site.Sidecar + "/v1",
                ["OPENAI_API_KEY"] = site.Key,
                ["OPENAI_MODEL"] = Model,
                ["QWEN_TELEMETRY_ENABLED"] = "false",
            },
        };
    }

    private static ClientStart Continue(ClientSite site)
    {
        var config = site.Write(
            ".continue/config.yaml",
            $"""
            name: budget
            version: 1.0.0
            schema: v1
            models:
              - name: {Model}
                provider: openai
                model: {Model}
                apiBase: {site.Sidecar}/v1
                apiKey: {site.Key}
            """);
        return new(Packages.Node, Packages.Script("@continuedev/cli/dist/cn.js"), "--config", config, "-p", site.Prompt, "--auto")
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CONTINUE_TELEMETRY_ENABLED"] = "0" },
        };
    }
}
