using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Bootstrap;

internal sealed class BootstrapReport(
    string agent, string name, string baseUrl, Answer<BudgetView> budget, Answer<RunView>? run, Answer<AgentKeyView>? key, string? adminKey) : IReport
{
    public JsonNode Json
    {
        get
        {
            var json = new JsonObject
            {
                ["agent_id"] = agent,
                ["base_url"] = baseUrl,
                ["budget"] = budget.Json.DeepClone(),
                ["run"] = run?.Json.DeepClone(),
            };
            if (key is not null)
            {
                json["key"] = key.Json.DeepClone();
            }

            if (adminKey is not null)
            {
                json["admin_key"] = adminKey;
            }

            return json;
        }
    }

    public IEnumerable<string> Lines
    {
        get
        {
            yield return Line.Of("agent_id", agent);
            yield return Line.Of("hard_limit_cents", budget.Body.HardLimitCents);
            yield return Line.Of("remaining_cents", budget.Body.RemainingCents);
            if (run is not null)
            {
                yield return Line.Of("run_id", run.Body.RunId);
            }

            yield return Line.Of("export_SPENDGUARD_AGENT_ID", agent);
            if (key is not null)
            {
                yield return Line.Of("key_id", key.Body.KeyId);
                yield return Line.Of("api_key", key.Body.ApiKey);
            }

            if (adminKey is not null)
            {
                yield return Line.Of("admin_key", adminKey);
            }
        }
    }

    public IRenderable Picture
    {
        get
        {
            var rows = new List<IRenderable>
            {
                Markup.FromInterpolated(
                    $"[green]Ready[/]  agent [bold]{name}[/] has {budget.Body.Remaining} of {budget.Body.HardLimit}{(budget.Body.AddedMicrocents is { } added ? $", {Dollars.OfMicrocents(added)} of it granted now" : ", granted before")}"),
                new Unbroken("In your shell:  ", $"export SPENDGUARD_AGENT_ID={agent}"),
            };
            if (key is not null)
            {
                rows.Add(new Unbroken("                ", $"export SPENDGUARD_API_KEY={key.Body.ApiKey}", " (shown this once)"));
            }

            rows.Add(new Unbroken("In your client: base URL ", $"{baseUrl}/v1"));
            rows.Add(key is null
                ? new Unbroken("                header   ", $"x-cynsta-agent-id: {agent}")
                : new Unbroken("                API key  ", "that of SPENDGUARD_API_KEY"));
            if (run is not null)
            {
                rows.Add(new Unbroken("Of this run:    header   ", $"x-cynsta-run-id: {run.Body.RunId}"));
            }

            if (adminKey is not null)
            {
                rows.Add(new AdminKeyReport(adminKey).Picture);
            }

            return new Rows(rows);
        }
    }
}
