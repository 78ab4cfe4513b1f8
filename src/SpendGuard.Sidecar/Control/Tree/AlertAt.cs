using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>Reads at which percentages of a limit an alert is raised.</summary>
internal static class AlertAt
{
    /// <summary>The default where nothing is said; none for an empty list.</summary>
    public static AlertThresholds Read(JsonElement body)
    {
        if (body.Find("alert_at") is null)
        {
            return AlertThresholds.Default;
        }

        try
        {
            return new AlertThresholds(body.FindArray("alert_at").Select(percent =>
                percent.ValueKind == JsonValueKind.Number && percent.TryGetInt32(out var number) ? number : 0));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new BadRequestException("'alert_at' has to be a list of up to 8 whole numbers from 1 to 100.");
        }
    }
}
