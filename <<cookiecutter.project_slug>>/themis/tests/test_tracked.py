import pytest

from themis.tests.testapp.models import Book, Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return Shelf.objects.create(name="History")


@pytest.fixture
def other_shelf():
    return Shelf.objects.create(name="Travel")


@pytest.fixture
def book(shelf):
    return Book.objects.create(title="Emma", shelf=shelf)


def changed(book):
    return book.tracker.has_changed("shelf")


def test_created_instance_has_changed(shelf):
    book = Book.objects.create(title="Emma", shelf=shelf)

    assert changed(book)


def test_saved_as_it_was_has_not_changed(book):
    book.save()

    assert not changed(book)


def test_other_field_has_not_changed(book):
    book = Book.objects.get(pk=book.pk)
    book.title = "Persuasion"
    book.save()

    assert not changed(book)


def test_saving_a_loaded_instance_runs_no_extra_query(book, django_assert_num_queries):
    book = Book.objects.get(pk=book.pk)

    with django_assert_num_queries(1):
        book.save()


def test_other_value_has_changed(book, other_shelf):
    book = Book.objects.get(pk=book.pk)
    book.shelf = other_shelf
    book.save()

    assert changed(book)


def test_second_save_has_not_changed(book, other_shelf):
    book.shelf = other_shelf
    book.save()
    book.save()

    assert not changed(book)


def test_column_assigned_by_key_has_changed(book, other_shelf):
    book.shelf_id = other_shelf.pk
    book.save()

    assert changed(book)


def test_field_outside_update_fields_has_not_changed(book, other_shelf):
    book.shelf = other_shelf
    book.save(update_fields=["title"])

    assert not changed(book)


def test_field_left_out_once_changes_with_the_next_save(book, other_shelf):
    book.shelf = other_shelf
    book.save(update_fields=["title"])
    book.save()

    assert changed(book)


def test_column_name_in_update_fields_counts(book, other_shelf):
    book.shelf = other_shelf
    book.save(update_fields=["shelf_id"])

    assert changed(book)


def test_update_fields_may_be_read_once(book, other_shelf):
    book.shelf = other_shelf
    book.save(update_fields=iter(["shelf"]))

    assert changed(book)
    assert Book.objects.get().shelf == other_shelf


def test_deferred_field_is_not_loaded_by_a_save(book):
    book = Book.objects.only("title").get(pk=book.pk)
    book.title = "Persuasion"
    book.save()

    assert "shelf_id" in book.get_deferred_fields()
    assert not changed(book)


def test_deferred_field_set_to_another_has_changed(book, other_shelf):
    book = Book.objects.only("title").get(pk=book.pk)
    book.shelf = other_shelf
    book.save()

    assert changed(book)


def test_deferred_field_set_to_the_same_has_not_changed(book, shelf):
    book = Book.objects.only("title").get(pk=book.pk)
    book.shelf = shelf
    book.save()

    assert not changed(book)


def test_deferred_field_read_first_is_known(book, other_shelf):
    book = Book.objects.only("title").get(pk=book.pk)
    assert book.shelf != other_shelf
    book.shelf = other_shelf
    book.save()

    assert changed(book)


def test_refreshed_instance_knows_the_new_value(book, other_shelf):
    Book.objects.filter(pk=book.pk).update(shelf=other_shelf)
    book.refresh_from_db()
    book.save()

    assert not changed(book)


def test_partly_refreshed_instance_still_knows_its_change(book, other_shelf):
    book.shelf = other_shelf
    book.refresh_from_db(fields=["title"])
    book.save()

    assert changed(book)


def test_key_set_by_hand_is_compared_with_the_database(book, shelf):
    copy = Book(pk=book.pk, title="Emma", shelf=shelf)
    copy.save()

    assert not changed(copy)


def test_failed_save_remembers_nothing(book, other_shelf):
    book.shelf = other_shelf
    with pytest.raises(ValueError, match="Cannot force both"):
        book.save(force_insert=True, force_update=True)
    book.save()

    assert changed(book)


def test_untracked_field_raises(book):
    with pytest.raises(
        ValueError, match=r"^Book.title is not tracked. Add 'title' to Book.TRACKED"
    ):
        book.tracker.has_changed("title")
