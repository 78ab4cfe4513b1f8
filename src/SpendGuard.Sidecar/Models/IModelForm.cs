namespace SpendGuard.Sidecar.Models;

/// <summary>How the clients of a vendor are told of models.</summary>
internal interface IModelForm
{
    /// <summary>The models, or the page of them that a query asks for.</summary>
    /// <param name="models">All of them, in the order of their names.</param>
    /// <param name="query">The query.</param>
    IResult List(IReadOnlyList<CallableModel> models, IQueryCollection query);

    /// <summary>One model.</summary>
    IResult One(CallableModel model);
}
