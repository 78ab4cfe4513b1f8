using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Alerts;

internal sealed class AlertListReport(Answer<AlertPageView> page) : IReport
{
    public JsonNode Json => page.Json;

    public IEnumerable<string> Lines => page.Body.Alerts.Count == 0 ? ["(no alerts)"] : page.Body.Alerts.Select(alert => string.Join(
        ' ',
        Line.Of("at", Moment.Of(alert.At)),
        Line.Of("id", alert.Id),
        Line.Of("type", alert.Type),
        Line.Of("node", alert.NodeId),
        Line.Of("waits_for", string.Join(',', alert.Deliveries.Where(delivery => delivery.DeliveredAt is null).Select(delivery => delivery.Sink.Replace(' ', '_')))),
        Line.Of("message", alert.Message)));

    public IRenderable Picture
    {
        get
        {
            if (page.Body.Alerts.Count == 0)
            {
                return new Markup("[grey]There are no alerts.[/]");
            }

            var table = Tables.New("alert", "what");
            table.Columns[0].NoWrap();
            foreach (var alert in page.Body.Alerts)
            {
                table.AddRow(
                    new Rows(new Text(alert.Type), new Text(Moment.Of(alert.At), new Style(Color.Grey)), new Text(alert.Id, new Style(Color.Grey))),
                    new Rows([new Text(alert.Message), .. alert.Deliveries.Select(Delivery)]));
            }

            table.Caption = page.Body.NextBefore is { } next ? new TableTitle($"There are more: --before {next}", new Style(Color.Grey)) : null;
            return table;
        }
    }

    private static Text Delivery(AlertDeliveryView delivery) => delivery switch
    {
        { DeliveredAt: not null } => new Text($"{delivery.Sink}: delivered", new Style(Color.Green)),
        { DueAt: null } => new Text($"{delivery.Sink}: given up. {delivery.Failure}", new Style(Color.Red)),
        { Failure: { } failure } => new Text($"{delivery.Sink}: {failure} Again at {Moment.Of(delivery.DueAt)}.", new Style(Color.Yellow)),
        _ => new Text($"{delivery.Sink}: under way", new Style(Color.Grey)),
    };
}

internal sealed class AlertsReplayedReport(Answer<AlertsReplayedView> replayed) : IReport
{
    public JsonNode Json => replayed.Json;

    public IEnumerable<string> Lines => [Line.Of("replayed", replayed.Body.Replayed)];

    public IRenderable Picture => Markup.FromInterpolated($"[green]{replayed.Body.Replayed}[/] to be delivered once more. How far they are: spendguard alerts list");
}
